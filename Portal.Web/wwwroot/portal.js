// The few things that a page cannot do from the server: appearance, clipboard, dialogs, menus, and losing the server.
(() => {
  'use strict';

  const remember = (name, value) => {
    document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax`;
  };

  const media = {
    light: { system: '(prefers-color-scheme: light)', light: 'all', dark: 'not all' },
    dark: { system: '(prefers-color-scheme: dark)', light: 'not all', dark: 'all' },
  };

  window.portal = {
    appearance(choice) {
      remember('portal-appearance', choice);
      for (const link of document.querySelectorAll('link[data-appearance]')) {
        link.media = media[link.dataset.appearance][choice];
      }
    },
    language(culture) {
      remember('.AspNetCore.Culture', encodeURIComponent(`c=${culture}|uic=${culture}`));
      location.reload();
    },
    async copy(text) {
      await navigator.clipboard.writeText(text);
    },
    openDialog(dialog) {
      if (!dialog.open) {
        dialog.showModal();
      }
    },
    closeDialog(dialog) {
      dialog.close();
    },
    focusFirstError() {
      document.querySelector('[aria-invalid="true"]')?.focus();
    },
  };

  const closeMenus = except => {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (menu !== except) {
        menu.open = false;
      }
    }
  };

  document.addEventListener('click', event => closeMenus(event.target.closest('details.menu')));
  document.addEventListener('keydown', event => {
    const menu = event.key === 'Escape' ? document.querySelector('details.menu[open]') : null;
    if (menu) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
  });
  document.addEventListener('click', event => {
    const choice = event.target.closest('[data-choose-appearance]');
    if (choice) {
      window.portal.appearance(choice.dataset.chooseAppearance);
    }

    const language = event.target.closest('[data-choose-language]');
    if (language) {
      window.portal.language(language.dataset.chooseLanguage);
    }
  });

  // Blazor sets classes on this element. Rejected means that the server forgot the page: its address holds its state, so load it again.
  const bar = document.getElementById('components-reconnect-modal');
  if (bar) {
    const look = () => {
      const lost = bar.classList.contains('components-reconnect-rejected');
      const failed = bar.classList.contains('components-reconnect-failed');
      if (lost) {
        location.reload();
      } else if (failed) {
        retry();
      }
    };
    const retry = async () => {
      try {
        const response = await fetch('/', { method: 'HEAD', cache: 'no-store' });
        if (response) {
          location.reload();
        }
      } catch {
        setTimeout(retry, 3000);
      }
    };
    new MutationObserver(look).observe(bar, { attributes: true, attributeFilter: ['class'] });
  }
})();
