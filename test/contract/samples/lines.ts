import { segment } from '../contract-lab.ts'
import { PAGE, type Samples } from './sample.ts'

const LINES = ['CN', 'JP']

export const LINE_SAMPLES: Samples = {
  ListSystemLines: () => ({ query: { locale: 'en-us', limit: '1000', offset: '0' } }),
  ListPublicZoneLines: async (lab) => ({ path: { zone_id: (await lab.newZone()).id }, query: PAGE }),
  ListCustomLine: async (lab) => {
    const line = await lab.newLine()
    const ip = line.ip_segments[0].split('-')[0]
    return {
      query: {
        ...{ line_id: line.line_id, name: line.name, limit: '100', offset: '0', ip },
        ...{ show_detail: 'true', status: 'ACTIVE' },
      },
    }
  },
  CreateCustomLine: (lab) => ({
    body: { name: lab.word(), ip_segments: [segment(lab.number())], description: 'office' },
  }),
  UpdateCustomLine: async (lab) => ({
    path: { line_id: (await lab.newLine()).line_id },
    body: { name: lab.word(), ip_segments: [segment(lab.number())], description: 'office' },
  }),
  DeleteCustomLine: async (lab) => ({ path: { line_id: (await lab.newLine()).line_id } }),
  ListLineGroups: async (lab) => {
    const group = await lab.newLineGroup()
    return { query: { ...PAGE, line_id: group.line_id, name: group.name } }
  },
  CreateLineGroup: (lab) => ({ body: { name: lab.word(), lines: LINES, description: 'east' } }),
  ShowLineGroup: async (lab) => ({ path: { linegroup_id: (await lab.newLineGroup()).line_id } }),
  UpdateLineGroups: async (lab) => ({
    path: { linegroup_id: (await lab.newLineGroup()).line_id },
    body: { name: lab.word(), lines: LINES, description: 'east' },
  }),
  DeleteLineGroup: async (lab) => ({ path: { linegroup_id: (await lab.newLineGroup()).line_id } }),
}
