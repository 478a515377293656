(function () {
  'use strict';

  // Theme: what the system says until a reader decides otherwise.
  var root = document.documentElement;
  var key = 'duet-report-theme';
  var button = document.querySelector('button.theme');
  var system = window.matchMedia('(prefers-color-scheme: dark)');

  function remembered() {
    try { return window.localStorage.getItem(key); } catch (refused) { return null; }
  }

  function remember(theme) {
    // Pages from disk may have no storage; the choice then lasts as long as the page.
    try { window.localStorage.setItem(key, theme); } catch (refused) { return; }
  }

  function current() {
    return root.dataset.theme || (system.matches ? 'dark' : 'light');
  }

  function show() {
    var other = current() === 'dark' ? 'light' : 'dark';
    button.textContent = other === 'dark' ? 'Dark' : 'Light';
    button.setAttribute('aria-label', 'Switch to ' + other + ' colors');
  }

  var saved = remembered();
  if (saved === 'dark' || saved === 'light') { root.dataset.theme = saved; }
  button.hidden = false;
  button.addEventListener('click', function () {
    root.dataset.theme = current() === 'dark' ? 'light' : 'dark';
    remember(root.dataset.theme);
    show();
  });
  system.addEventListener('change', show);
  show();

  // Commands: copy, or mark the text where copying is refused.
  document.querySelectorAll('button.copy').forEach(function (copy) {
    var code = copy.parentNode.querySelector('code');
    copy.hidden = false;
    copy.setAttribute('aria-live', 'polite');
    copy.setAttribute('aria-label', 'Copy the command');
    function say(word) {
      copy.textContent = word;
      copy.setAttribute('aria-label', word);
      window.setTimeout(function () { copy.textContent = 'Copy'; copy.setAttribute('aria-label', 'Copy the command'); }, 2000);
    }
    function mark() {
      window.getSelection().selectAllChildren(code);
      say('Marked');
    }
    copy.addEventListener('click', function () {
      if (!navigator.clipboard) { mark(); return; }
      navigator.clipboard.writeText(code.textContent).then(function () { say('Copied'); }, mark);
    });
  });

  // Paper: what is folded but belongs on paper, for browsers whose style sheets cannot open it.
  var opened = [];
  window.addEventListener('beforeprint', function () {
    opened = Array.from(document.querySelectorAll('details.paper:not([open])'));
    opened.forEach(function (fold) { fold.open = true; });
  });
  window.addEventListener('afterprint', function () {
    opened.forEach(function (fold) { fold.open = false; });
    opened = [];
  });

  // Contents: the section that is being read.
  var links = {};
  document.querySelectorAll('nav a').forEach(function (link) { links[link.getAttribute('href').slice(1)] = link; });
  if ('IntersectionObserver' in window) {
    var watcher = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) { return; }
        Object.keys(links).forEach(function (id) { links[id].removeAttribute('aria-current'); });
        links[entry.target.id].setAttribute('aria-current', 'true');
      });
    }, { rootMargin: '-10% 0px -80% 0px' });
    document.querySelectorAll('main section').forEach(function (section) { watcher.observe(section); });
  }
})();
