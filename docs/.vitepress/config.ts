import { defineConfig } from 'vitepress';
import { slug } from './slug.ts';

const start = [
  { text: 'Quick start', link: '/quick-start' },
  { text: 'Concepts', link: '/concepts' },
  { text: 'Admin UI', link: '/admin' },
  { text: 'Troubleshooting', link: '/troubleshooting' },
];

const use = [
  { text: 'SDK for Node', link: '/sdk-node' },
  { text: 'SDK for browsers', link: '/sdk-browser' },
  { text: 'Server-rendered pages', link: '/server-rendered' },
  { text: 'OpenFeature', link: '/openfeature' },
  { text: 'OFREP', link: '/ofrep' },
  { text: 'HTTP API', link: '/http-api' },
  { text: 'The dimmer command', link: '/cli' },
];

const run = [
  { text: 'Operations', link: '/operations' },
  { text: 'Performance', link: '/performance' },
  { text: 'Edges', link: '/edge' },
  { text: 'Security', link: '/security' },
  { text: 'Reliability', link: '/reliability' },
];

const inside = [
  { text: 'Architecture', link: '/architecture' },
  { text: 'Evaluation', link: '/evaluation' },
  { text: 'Protocol', link: '/protocol' },
  { text: 'Decisions', link: '/decisions/' },
];

/** The site loads nothing from elsewhere: fonts, search and scripts are all its own. */
export default defineConfig({
  title: 'Dimmer',
  description: 'Feature toggles that change in running applications within milliseconds, and show that they did.',
  cleanUrls: true,
  lastUpdated: false,
  srcExclude: ['test/**', 'README.md'],
  markdown: { anchor: { slugify: slug } },
  themeConfig: {
    nav: [
      { text: 'Quick start', link: '/quick-start' },
      { text: 'Concepts', link: '/concepts' },
      { text: 'Architecture', link: '/architecture' },
    ],
    sidebar: [
      { text: 'Start', items: start },
      { text: 'Use', items: use },
      { text: 'Run', items: run },
      { text: 'Inside', items: inside },
    ],
    search: { provider: 'local' },
    outline: [2, 3],
    footer: { message: 'MIT licence' },
  },
});
