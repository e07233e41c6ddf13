// What the server says of itself: its sentences, and the path that it is served under.

export const words = JSON.parse(document.body.dataset.words);
export const root = document.body.dataset.root;
export const base = document.body.dataset.base; // what stands before every address that asks
export const embedded = base !== root;
export const language = document.documentElement.lang;
