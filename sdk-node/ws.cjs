// The library's own entry for modules makes Node load seven files the slow way: a third of the time that it takes to load
// this SDK. This is the same library through its other entry, and one that bundlers understand.
module.exports = require('ws');
