import MarkdownIt from 'markdown-it';

// Without `html`, tags are text; links of other schemes than http, https and mailto are none.
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });
markdown.validateLink = (url) => /^(https?:|mailto:)/i.test(url.trim());
// Pictures would be fetched from wherever the author says.
markdown.disable('image');
const openLink = markdown.renderer.rules.link_open;
markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
  tokens[index]?.attrSet('rel', 'noopener noreferrer');
  tokens[index]?.attrSet('target', '_blank');
  return openLink
    ? openLink(tokens, index, options, env, self)
    : self.renderToken(tokens, index, options);
};

/** Markdown of the vendor as HTML that may stand in any page of ours: no scripts, no foreign tags, no pictures. */
export function renderMarkdown(text: string): string {
  return markdown.render(text);
}
