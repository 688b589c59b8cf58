/**
 * Whether every engine gives this text back as it was: PostgreSQL has no place for U+0000, and a lone surrogate has no form in
 * UTF-8.
 */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000')
