import type { Catalogue } from '../catalogue.ts';
import type { problems as source } from '../en/problems.ts';

export const problems: Catalogue<typeof source> = {
  unreachable: '服务器没有响应。',
  unknown: '操作未成功。',
  UNAUTHENTICATED: '您尚未登录。',
  FORBIDDEN: '您的角色不允许这样做。',
  NOT_FOUND: '它（已）不存在。',
  INVALID_INPUT: '服务器不接受：',
  CONFIRMATION_NEEDED: '需要输入环境名称以确认。',
  WOULD_MOVE_USERS: '这会移动用户：当前返回的不是灰度发布。',
  STILL_EVALUATED: '最近 7 天内仍有代码查询它。',
  ARCHIVED: '已有一个归档的开关使用此键名。请恢复它，或另选键名。',
  ALREADY_EXISTS: '已有使用此键名的对象。',
  PRECONDITION_FAILED: '期间有人更改了它。',
  REVERT_CONFLICT: '此后它又被更改。',
  IN_USE: '它仍在使用中。',
  TOO_LARGE: '它太大了。',
  TOO_MANY_REQUESTS: '尝试次数过多，请稍候。',
};
