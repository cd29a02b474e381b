/** A phone number (E.164) as it may be shown in a list: its middle is hidden. */
export function maskPhone(e164: string): string {
  const third = Math.floor(e164.length / 3);
  const head = /^\+861\d{10}$/.test(e164) ? 6 : Math.min(4, third);
  const tail = Math.min(4, third);
  return `${e164.slice(0, head)}${'*'.repeat(e164.length - head - tail)}${e164.slice(-tail)}`;
}

/** A name as it may be shown in a list: its first letter. */
export function maskName(name: string): string {
  const [first = ''] = name;
  return `${first}**`;
}
