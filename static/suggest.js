/* suggest.js - for the page on which readers suggest a claim. It works with this file missing. */
(() => {
  /* show what says much the same while somebody writes what they heard */
  for (const part of document.querySelectorAll('[data-match]')) {
    const box = document.getElementById(part.dataset.matchBox), found = part.querySelector('[data-match-found]'), list = found.querySelector('ul');
    let wait, asked = '';
    box.addEventListener('input', () => {
      clearTimeout(wait);
      wait = setTimeout(async () => {
        const text = asked = box.value.trim();
        let near = [];
        if (text.length >= 15) try {
          const got = await (await fetch(part.dataset.match, { method: 'POST', headers: { 'Content-Type': 'application/json' }, credentials: 'omit', body: JSON.stringify({ texts: [text], limit: 3 }) })).json();
          near = got.results[0].matches.filter(m => m.certainty !== 'none').map(m => m.claim);
        } catch {}
        if (asked !== text) return;
        list.replaceChildren(...near.map(c => {
          const li = document.createElement('li'), a = li.appendChild(document.createElement('a'));
          a.href = c.page_url; a.lang = c.language; a.textContent = c.text;
          if (c.rating) li.append(' – ' + c.rating);
          return li;
        }));
        found.hidden = !near.length;
      }, 800);
    });
  }
})();
