/** So many of a thing, in words: "1 instance", "0 instances", "1,250 matches". */
export const formatCount = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
