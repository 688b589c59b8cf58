/** The operators of the Chinese mainland that have lines of their own, and how geo data name them. */
interface Operator {
  readonly line: string
  /** Numbers of their larger autonomous systems, as they were announced in June 2026. */
  readonly systems: readonly number[]
  /** Names that their AS numbers are registered under, and English names of data about providers. */
  readonly english: RegExp
  readonly chinese: RegExp
}

const OPERATORS: readonly Operator[] = [
  {
    line: 'Dianxin',
    systems: [
      ...[4134, 4809, 4811, 4812, 4816, 4835, 23724, 58461, 58563, 134773, 136199, 137266, 140061, 140292],
      ...[140293, 140308, 140319],
    ],
    english: /^(?:china ?net\b|china ?telecom|idc, china telecommunications)/i,
    chinese: /电信/,
  },
  {
    line: 'Liantong',
    systems: [
      ...[
        4837, 4808, 9929, 10099, 17621, 17622, 17623, 17816, 133118, 133119, 135061, 136958, 138421, 139007,
      ],
      140726,
    ],
    english: /^(?:china unicom|china169|unicom |cncgroup )/i,
    chinese: /联通|网通/,
  },
  {
    line: 'Yidong',
    systems: [
      ...[9808, 24400, 24444, 24445, 24547, 38019, 56040, 56041, 56042, 56044, 56045, 56046, 56047, 56048],
      ...[58453, 132525],
    ],
    english: /^china mobile/i,
    chinese: /移动/,
  },
  {
    line: 'Jiaoyuwang',
    systems: [
      ...[4538, 23910, 24348, 24350, 24353, 24355, 24358, 24361, 24362, 24363, 24364, 24369, 133111, 138371],
      138378,
    ],
    english:
      /^(?:china education and research network|cernet2? |china next generation internet cernet|cernet$)/i,
    chinese: /教育网|教育科研网/,
  },
  {
    line: 'Tietong',
    systems: [9394, 24138, 45057],
    english: /^china tietong/i,
    chinese: /铁通/,
  },
  {
    line: 'Pengboshi',
    systems: [9389, 131536],
    english: /^(?:dr\.? ?peng|beijing shenzhou greatwall communication|.*great ?wall broadband)/i,
    chinese: /鹏博士|长城宽带|长宽/,
  },
]

const bySystem = new Map(OPERATORS.flatMap(({ line, systems }) => systems.map((number) => [number, line])))

/** The operator that an AS number belongs to. */
export const operatorOfSystem = (number: number): string | undefined => bySystem.get(number)

/** The operator that a name stands for, English or Chinese. */
export function operatorOfName(name: string): string | undefined {
  return OPERATORS.find(({ english, chinese }) => english.test(name) || chinese.test(name))?.line
}

/** Whether a line is that of a whole operator. */
export const isOperator = (line: string): boolean => OPERATORS.some((operator) => operator.line === line)
