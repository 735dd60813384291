import type { Catalogue } from '../catalogue.ts';
import type { session as source } from '../en/session.ts';

export const session: Catalogue<typeof source> = {
  signIn: {
    title: '登录',
    submit: '登录',
    wrong: '电子邮箱或密码错误。',
    hint: '第一次启动？请打开服务器打印的一次性链接。',
    forgotten: '忘记密码？在服务器上运行“dimmer owner reset-link”，会得到设置新密码的链接。',
    expired: '会话已结束，请重新登录。',
  },
  setUp: {
    title: '设置 Dimmer',
    lead: '创建所有者账户。您打开的链接只能使用一次。',
    submit: '创建账户',
    missing: '打开此页需要服务器首次启动时打印的一次性链接。',
    used: '此链接已被使用或无效。如果账户已存在，请登录。',
    toSignIn: '前往登录页',
  },
  reset: {
    title: '为 {{email}} 设置新密码',
    lead: '您打开的链接只能使用一次。已登录此账户的所有浏览器都会退出登录。',
    submit: '设置密码',
    used: '此链接已被使用、已超过 30 分钟，或已被更新的链接取代。请用“dimmer owner reset-link”重新生成。',
  },
  account: '账户',
  change: {
    title: '修改密码',
    current: '当前密码',
    wrong: '这不是此账户的密码。',
    ends: '其他已登录的浏览器都会退出登录。',
    submit: '修改密码',
    done: '密码已修改，其他浏览器均已退出登录。',
  },
  newPassword: '新密码',
  email: '电子邮箱',
  password: '密码',
  passwordHint: '至少 8 个字符。几个连在一起的词既好记又难猜。',
  show: '显示密码',
  hide: '隐藏密码',
};
