// The one place where text becomes markup. Only the server's own fragments come here: it has
// escaped whatever a scenario printed, and the page's policy forbids every other way.

const policy = globalThis.trustedTypes?.createPolicy("tutor", { createHTML: (html) => html });

export function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = policy ? policy.createHTML(html) : html;
  return template.content;
}
