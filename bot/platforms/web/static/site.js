// What the server says of itself: its sentences, and the path that it is served under.

export const words = JSON.parse(document.body.dataset.words);
export const root = document.body.dataset.root;
export const language = document.documentElement.lang;
