/**
 * WebSocket subprotocol, and the `protocol` of `hello`.
 *
 * History:
 * - 1: first version.
 */
export const PROTOCOL_VERSION: number = 1;

/** Name offered and accepted in `Sec-WebSocket-Protocol`. */
export const SUBPROTOCOL: string = `dimmer.${PROTOCOL_VERSION}`;
