// node ready-fetch.js URL: prints the milliseconds of a bare fetch and parse, in this fresh process.
const started = performance.now();
const response = await fetch(process.argv[2] ?? '');
JSON.parse(await response.text());
console.log(performance.now() - started);
