/**
 * Stems that the most used passwords are made of. A password counts as common when it is one of them, whatever its
 * case, with any digits and signs around it: the published top lists are mostly such decorations.
 */
const STEMS: ReadonlySet<string> = new Set(
  `abc access admin administrator alexander amanda andrea andrew angel angela anthony apple arsenal asdf ashley austin
  babygirl bailey banana barcelona baseball basketball batman beautiful blink boston brandon brooklyn bubbles buster
  butterfly calvin changeme charlie cheese chelsea chicken chocolate chris cocacola computer cookie cooper corvette
  cowboy crystal dallas daniel default diamond dimmer dolphin donald dragon eagles elephant elizabeth eminem everton
  family ferrari flower football forever freedom friend friends gateway george ginger google guest guitar hammer hannah
  harley harrypotter heather hello helloworld hockey hottie hunter iloveu iloveyou internet jackson jasmine jennifer
  jessica johnny jonathan jordan joseph joshua junior justin killer kristen lakers lauren legend letmein liverpool
  loveme lovely login lovers madison maggie manchester marina marlboro martin master matrix matthew melissa mercedes
  merlin michael michelle mickey midnight minecraft monkey monster morgan mother mustang naruto nathan newyork nicholas
  nicole nothing ohmygod orange oliver pass passw passwd password passwort patrick peanut pepper phoenix player please
  pokemon porsche princess purple qazwsx qwerty qwertz rachel rainbow ranger raiders rebecca robert rockyou root
  samantha samsung scooter secret security service shadow silver slipknot snoopy soccer spiderman spongebob starwars
  startrek steelers stephanie sunshine superman summer sweety system taylor teamo tennis test testing thomas thunder
  tigger tinkerbell trustno tucker user vanessa victoria welcome whatever william winter winner wizard xxx yankees
  yellow zaq zxcvbn zxcvbnm`.split(/\s+/),
);

const RUNS = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/',
  '1q2w3e4r5t6y7u8i9o0p',
];

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
};

/** Whether a password is among the first that anybody would try. */
export function isCommonPassword(password: string): boolean {
  const text = password.toLowerCase();
  return (
    isRepetition(text) ||
    isRun(text) ||
    STEMS.has(stemOf(text)) ||
    STEMS.has(stemOf(text.replace(/[013457@$]/g, (c) => LEET[c] ?? c)))
  );
}

function stemOf(text: string): string {
  return text.replace(/^[^\p{Letter}]+|[^\p{Letter}]+$/gu, '');
}

/** `aaaaaaaa`, `abcabcabc`, `12121212`. */
function isRepetition(text: string): boolean {
  return /^(.{1,4})\1+$/u.test(text);
}

/** A walk along the keyboard, the alphabet or the digits, forwards or backwards. */
function isRun(text: string): boolean {
  return [...RUNS, ...RUNS.map(backwards)].some((run) => run.includes(text));
}

function backwards(run: string): string {
  return run.split('').toReversed().join('');
}
