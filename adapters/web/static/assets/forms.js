import { make } from './dom.js';
import { clearProblem, clearProblems, showProblems } from './problems.js';

/**
 * Runs an action when a form is sent, one at a time, and shows why it failed. The fields keep what was typed:
 * only an action that succeeded empties them.
 */
export function onSubmit(form, action) {
  const button = form.querySelector('[type="submit"]');
  form.addEventListener('input', ({ target }) => clearProblem(target));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (button.ariaDisabled === 'true') return;
    clearProblems(form);
    setBusy(button, true);
    try {
      await action(form.elements);
    } catch (error) {
      if (!form.closest('[hidden]')) showProblems(form, error);
    } finally {
      setBusy(button, false);
    }
  });
}

/** Shows that a button's work is under way. It keeps the focus, which a disabled button would lose. */
export function setBusy(button, busy) {
  button.ariaDisabled = String(busy);
  button.querySelector('.spinner')?.remove();
  if (!busy) return;
  const spinner = make('span', { className: 'spinner' });
  spinner.ariaHidden = 'true';
  button.prepend(spinner);
}

/** Gives a field the value that is stored, unless somebody has typed another one since. */
export function fill(input, value) {
  const typed = input.value !== input.defaultValue;
  input.defaultValue = value;
  if (!typed) input.value = value;
}

/** Empties a form for whoever comes next. */
export function forget(form) {
  for (const input of form.elements) if ('defaultValue' in input) input.defaultValue = '';
  form.reset();
  clearProblems(form);
}

/** Gives every password field a button that shows what is typed, and its hint. */
export function equipPasswords() {
  for (const input of document.querySelectorAll('input[type="password"]')) {
    const reveal = make('button', { type: 'button', className: 'quiet reveal', textContent: 'Show' });
    reveal.setAttribute('aria-label', `Show ${input.labels[0].textContent.toLowerCase()}`);
    reveal.setAttribute('aria-pressed', 'false');
    reveal.addEventListener('click', () => {
      const shown = input.type === 'password';
      input.type = shown ? 'text' : 'password';
      reveal.textContent = shown ? 'Hide' : 'Show';
      reveal.setAttribute('aria-pressed', String(shown));
    });
    const box = make('div', { className: 'secret' });
    input.replaceWith(box);
    box.append(input, reveal);
    if (input.dataset.hint) addHint(input);
  }
}

function addHint(input) {
  const hint = make('p', { className: 'hint', id: `${input.id}-hint`, textContent: input.dataset.hint });
  input.closest('.field').append(hint);
  input.dataset.described = hint.id;
  input.setAttribute('aria-describedby', hint.id);
}
