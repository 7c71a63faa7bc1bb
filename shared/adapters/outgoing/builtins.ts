// Modules of Node that are asked for when they are needed: importing them would load what few functions ever use, such as
// the browser APIs behind `node:http`, which are a fifth of a function's start.

export const http = () => process.getBuiltinModule('node:http');
export const dns = () => process.getBuiltinModule('node:dns');
export const net = () => process.getBuiltinModule('node:net');
