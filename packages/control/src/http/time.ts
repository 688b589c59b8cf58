/** `2026-03-05T08:15:42.107`: UTC, three fraction digits and no zone letter, which clients cannot parse. */
export const formatTime = (ms: number): string => new Date(ms).toISOString().slice(0, 23)

export const formatTimeOrNull = (ms: number | null): string | null => (ms === null ? null : formatTime(ms))
