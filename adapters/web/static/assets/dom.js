/** The element with that id. */
export const $ = (id) => document.getElementById(id);

/** Makes an element with properties and children. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

let silence;

/** Says something in passing, to eyes and to screen readers. */
export function say(text) {
  const said = $('said');
  clearTimeout(silence);
  said.textContent = text;
  said.classList.add('shown');
  silence = setTimeout(() => said.classList.remove('shown'), 5000);
}

/** Says something that stays until it is dismissed. */
export function notify(title, text) {
  $('notice-title').textContent = title;
  $('notice-text').textContent = text;
  $('notice').hidden = false;
  $('said').classList.remove('shown');
  $('notice').focus();
}

export function dismissNotice() {
  $('notice').hidden = true;
}
