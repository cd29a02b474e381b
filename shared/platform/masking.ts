/** A phone number (E.164) as it may be shown in a list: the middle of it hidden. */
export function maskPhone(e164: string): string {
  const shown = e164.startsWith('+86') ? 6 : 4;
  return `${e164.slice(0, shown)}${'*'.repeat(Math.max(0, e164.length - shown - 4))}${e164.slice(-4)}`;
}

/** A name as it may be shown in a list: its first letter. */
export function maskName(name: string): string {
  const [first = ''] = name;
  return `${first}**`;
}
