// The two ways in: signing in and registering.
import { auth } from './auth.js';
import { $, say } from './dom.js';
import { forget, onSubmit } from './forms.js';
import { previewPictures } from './pictures.js';

export function startDoors() {
  onSubmit($('sign-in-form'), async ({ login, password }) => {
    await auth.login(credentials(login.value, password.value));
    forget($('sign-in-form'));
  });

  previewPictures($('register-form'));
  onSubmit($('register-form'), async (fields) => {
    await auth.register(registration(fields));
    const { email, username, password } = fields;
    const name = email.value || username.value;
    const secret = password.value;
    forget($('register-form'));
    await enter(name, secret);
  });
}

/** Signs in whoever has just registered. If that fails, the other door has all that is needed to try again. */
async function enter(name, secret) {
  try {
    await auth.login(credentials(name, secret));
  } catch {
    const { login, password } = $('sign-in-form').elements;
    login.value = name;
    password.value = secret;
    location.hash = 'sign-in';
    say('Your account is made. Please sign in.');
  }
}

function credentials(name, password) {
  return name.includes('@') ? { email: name, password } : { username: name, password };
}

function registration({ username, fullname, email, password, avatar, coverImage }) {
  return {
    username: username.value,
    fullname: fullname.value,
    email: email.value,
    password: password.value,
    avatar: avatar.files[0],
    coverImage: coverImage.files[0],
  };
}
