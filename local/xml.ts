/** What an XML element holds: text, elements by name, or a list of `member` elements; undefined is left out. */
export type XmlContent = string | Date | undefined | readonly XmlContent[] | { readonly [name: string]: XmlContent };

/** Writes one element the way that the AWS Query protocol has it. */
export function xmlElement(name: string, content: XmlContent, attributes = ''): string {
  return content === undefined ? '' : `<${name}${attributes}>${inside(content)}</${name}>`;
}

function inside(content: Exclude<XmlContent, undefined>): string {
  if (typeof content === 'string') {
    return escape(content);
  }
  if (content instanceof Date) {
    return content.toISOString();
  }
  if (isList(content)) {
    return content.map((item) => xmlElement('member', item)).join('');
  }
  return Object.entries(content)
    .map(([name, value]) => xmlElement(name, value))
    .join('');
}

function isList(content: XmlContent): content is readonly XmlContent[] {
  return Array.isArray(content);
}

function escape(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // XML 1.0 has no way to write the other control characters, and error messages with colours have them.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd')
      .replaceAll('\r', '&#xD;')
  );
}
