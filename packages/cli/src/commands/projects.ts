import { type Command, JSON_FLAG } from '../command.ts'
import { EXIT } from '../failures.ts'
import { ACCOUNT_FLAG, accountQuery, type ProjectBody, stateOf } from '../identities.ts'
import { printRows } from '../terminal/print.ts'

const PATH = '/waymark/v1/projects'

export const projectsList: Command = {
  name: 'projects list',
  summary: 'List the projects of the account: one for every region, and others',
  flags: [ACCOUNT_FLAG, JSON_FLAG],
  examples: [['projects list', 'with the ids that SDKs ask for']],
  async run(call) {
    const query = await accountQuery(call)
    const { projects } = await call.client.json<{ projects: ProjectBody[] }>('GET', PATH, { query })
    printRows(
      call,
      [{ title: 'NAME', minWidth: 12 }, { title: 'STATE' }, { title: 'ID' }],
      projects.map((project) => [project.name, stateOf(project), project.id]),
      projects,
    )
    return EXIT.ok
  },
}

export const projectsCreate: Command = {
  name: 'projects create',
  summary: 'Make a project: private zones belong to one',
  arguments: [{ name: 'NAME', sentence: 'Name, such as the region with a suffix: cn-north-4_lab.' }],
  flags: [ACCOUNT_FLAG, JSON_FLAG],
  examples: [['projects create cn-north-4_lab', 'beside the project of the region']],
  async run(call) {
    const json = { name: call.argument('NAME') }
    const query = await accountQuery(call)
    const project = await call.client.json<ProjectBody>('POST', PATH, { query, json })
    if (call.isSet('json')) call.print(JSON.stringify(project))
    else call.print(`Project ${project.name} created, id ${project.id}`)
    return EXIT.ok
  },
}
