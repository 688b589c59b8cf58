/** Written by the Designate client of OpenStack (python-designateclient), also from within the `openstack` command. */
const DESIGNATE_CLIENT = /^python-designateclient\b/

/** Those that speak to Designate: also Go programs (lego, Terraform's OpenStack provider) and the SDK of OpenStack. */
const OPENSTACK_CLIENTS = /\b(python-designateclient|gophercloud|openstacksdk)\b/

export const isOpenStackClient = (headers: Headers): boolean =>
  OPENSTACK_CLIENTS.test(headers.get('user-agent') ?? '')

type Query = Readonly<Record<string, string>>

/**
 * The query as its sender means it. OpenStack's client turns a name into an id with the filter `name` and demands one row; Designate
 * compares whole names there, our API parts of names, so that the zone `example.org.` could not be named beside `sub.example.org.`.
 */
export const queryMeant = (query: Query, headers: Headers): Query =>
  query.name !== undefined &&
  query.search_mode === undefined &&
  DESIGNATE_CLIENT.test(headers.get('user-agent') ?? '')
    ? { ...query, search_mode: 'equal' }
    : query
