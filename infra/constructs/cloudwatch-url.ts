/** A page of CloudWatch's console in `region`, by what its address has behind the `#`. */
export const cloudWatchUrl = (region: string, page: string): string =>
  `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#${page}`;

/** The page of a dashboard. */
export const dashboardUrl = (region: string, name: string): string =>
  cloudWatchUrl(region, `dashboards/dashboard/${name}`);
