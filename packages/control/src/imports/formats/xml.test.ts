import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { attribute, XmlFault, XmlScanner } from './xml.ts'

function events(...chunks: string[]): string[] {
  const seen: string[] = []
  const scanner = new XmlScanner({
    open: (name, attributes) => seen.push(`<${name}${attributes.trimEnd()}>`),
    text: (text) => seen.push(text),
    close: (name) => seen.push(`</${name}>`),
  })
  for (const chunk of chunks) scanner.write(chunk)
  scanner.end()
  return seen
}

const SAMPLE =
  '<?xml version="1.0"?><!-- <b> --><x:a n="1 > 0"><b/>t &lt;&#65;&#x4e2d;&amp;lt;<![CDATA[<c>&amp;]]></x:a >\n'

test('elements, text, references, CDATA and comments are told apart, prefixes dropped', () => {
  expect(events(SAMPLE)).toEqual(['<a n="1 > 0">', '<b>', '</b>', 't <A中&lt;', '<c>&amp;', '</a>'])
})

test('it does not matter where the text is cut into chunks', () => {
  const whole = events(SAMPLE)
  for (let at = 0; at <= SAMPLE.length; at++) {
    expect(events(SAMPLE.slice(0, at), SAMPLE.slice(at))).toEqual(whole)
  }
})

test('document type declarations, and with them all entities of their own, are refused', () => {
  const billionLaughs = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
  expect(() => events(billionLaughs)).toThrow(XmlFault)
  expect(() => events('<a>&c;</a>')).toThrow('&c; is not known')
  expect(() => events('<a>&#0;</a>')).toThrow(XmlFault)
  expect(() => events('<a>&#x110000;</a>')).toThrow(XmlFault)
})

test('text that is cut off, closes too much or has two roots is refused', () => {
  for (const text of [
    '',
    '<a>',
    '<a><b></b>',
    '</a>',
    '<a/></a>',
    '<a/><b/>',
    '<a',
    '<a>x',
    '<a <b/>',
    '<>',
  ]) {
    expect(() => events(text)).toThrow(XmlFault)
  }
})

test('a tag or text without end is refused before it fills the memory', () => {
  const scanner = new XmlScanner({ open() {}, text() {}, close() {} })
  scanner.write('<a>')
  expect(() => {
    for (let n = 0; n < 100; n++) scanner.write('x'.repeat(65536))
  }).toThrow('no end')
})

test('attributes are found by name, in either quotes, with prefix or blanks', () => {
  expect(attribute(' r="A1" s="2" t="s"', 't')).toBe('s')
  expect(attribute(" name='a&quot;b' sheetId='1' r:id = 'rId1'", 'id')).toBe('rId1')
  expect(attribute(" name='a&quot;b'", 'name')).toBe('a"b')
  expect(attribute('\n\tr="A1"', 'r')).toBe('A1')
  expect(attribute(' sheetId="1"', 'id')).toBeUndefined()
  expect(attribute('', 'id')).toBeUndefined()
})

test('no text makes it fail in any other way than by its fault', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '/',
    'a',
    ' ',
    '"',
    "'",
    '=',
    '&',
    ';',
    '#',
    '!',
    '-',
    '[',
    'CDATA[',
    ']]>',
    '?',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      try {
        events(...pieces)
      } catch (fault) {
        expect(fault).toBeInstanceOf(XmlFault)
      }
    }),
  )
})
