/** A zone as a tester writes it: master file lines without SOA and NS at the apex, which come with the zone. */
export interface ZoneText {
  /** With final dot. */
  readonly apex: string
  readonly text: string
}

/** A zone of ours that holds the first of {@link NAME_SERVERS}: apexes with addresses in the zone, and out of it. */
export const NAME_SERVER_ZONE = 'servers.example.'
export const NAME_SERVERS = [`ns1.${NAME_SERVER_ZONE}`, 'ns2.waymark.example.'] as const
