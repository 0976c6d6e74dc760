/** The nonce of this very answer: styles that are made in the page carry it, for the server's policy lets in no others. */
export const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
