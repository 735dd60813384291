import type { Catalogue } from '../catalogue.ts';
import type { tokens as source } from '../en/tokens.ts';

export const tokens: Catalogue<typeof source> = {
  title: 'API 令牌',
  lead: '供调用 HTTP API 的脚本和流水线使用。应用连接时使用的是 SDK 密钥。',
  create: '新建令牌',
  createLead: '在到期或被吊销之前，持有令牌者可以在所有项目中做其角色允许的一切。',
  nameHint: '哪个脚本或流水线使用它？',
  role: '角色',
  roles: { viewer: '查看者', developer: '开发者', releaser: '发布者', owner: '所有者' },
  may: {
    viewer: '可以读取除密钥原文以外的一切，不能修改任何内容。',
    developer: '还可以创建开关和受众并编辑其说明、添加环境，以及更改开关和受众的作用与 SDK 密钥。',
    releaser: '与开发者相同，还可以归档开关，并更改所有环境得到的内容。',
    owner: '可以做一切，包括管理项目、API 令牌，以及哪些环境受保护。',
  },
  protected: {
    viewer: '受保护的环境：同样可以读取。',
    developer: '受保护的环境：可以读取，不能修改。',
    releaser: '受保护的环境：可以修改，且不会被要求确认；不能设置保护，也不能删除。',
    owner: '受保护的环境：可以做一切，且不会被要求确认。',
  },
  lifetime: '到期',
  lifetimes: {
    never: '永不',
    '7': '7 天后',
    '30': '30 天后',
    '90': '90 天后',
    '365': '一年后',
  },
  columns: { hint: '令牌', createdBy: '创建者', expires: '到期' },
  submit: '创建令牌',
  empty: '还没有 API 令牌。脚本需要令牌才能调用 HTTP API。',
  ownersOnly: '只有所有者可以查看和创建 API 令牌。',
  secretTitle: '请立即复制令牌',
  secretLabel: '令牌 {{name}}',
  example: '试一试：列出项目中的开关。',
  exampleLabel: 'curl 示例',
  made: '令牌 {{name}} 已创建',
  revokeTitle: '吊销令牌 {{name}}？',
  revokeText: '使用它的脚本从此会被拒绝。此操作不能撤销，需要时请新建令牌。',
  revoked: '令牌 {{name}} 已吊销',
};
