import type { Catalogue } from '../catalogue.ts';
import type { fields as source } from '../en/fields.ts';

export const fields: Catalogue<typeof source> = {
  name: '请输入名称，最多 200 个字符。',
  email: '这不是电子邮箱地址。',
  password: '请使用 8 到 256 个字符。',
  passwordCommon: '这是任何人都会最先尝试的密码之一。',
  origins: '每行必须是形如 https://shop.example.com 的来源，不带路径。',
  expiresAt: '必须是将来的时间。',
};
