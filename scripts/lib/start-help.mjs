/** What `npm start -- --help` says. */
export const START_HELP = `Usage: npm start -- [settings of dimmer serve]

Installs and builds what is missing, then runs the server with the lamp wall.

  --port <number>          port to listen on, 0 picks one (default: 8420)
  --host <address>         address to listen on (default: 127.0.0.1)
  --database-url <url>     file:<path> or postgres://… (default: file:data/dimmer.db)
  --log-level <level>      trace, debug, info, warn, error, fatal or silent (default: info)

Each is also an environment variable, such as DIMMER_PORT. All of them: npx dimmer serve --help

Examples:
  npm start
  npm start -- --port 8080
  npm start -- --port 8080 --database-url file:data/second.db`;
