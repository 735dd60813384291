// Runs before the first paint, so that a dark page never flashes white. A file, because the policy allows no inline script.
(function () {
  var saved = {};
  try {
    saved = JSON.parse(localStorage.getItem('dimmer.appearance') || '{}') || {};
  } catch {
    // Storage is off or holds something else: the defaults serve.
  }
  var root = document.documentElement;
  var dark =
    saved.scheme === 'dark' || (saved.scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.scheme = dark ? 'dark' : 'light';
  if (saved.density === 'compact') root.dataset.density = 'compact';
  if (saved.language) root.lang = saved.language;
})();
