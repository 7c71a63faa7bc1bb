import { Page } from '../parts/page.tsx';

/** An address that leads nowhere. */
export const NotFound = () => (
  <Page title="Nothing here">
    <p>
      No page of the console has this address. <a href="/console/">To the calls</a>
    </p>
  </Page>
);
