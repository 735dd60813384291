/** How many users take turns; a power of two, so that an index wraps by a mask. */
export const USERS = 1024;
const COUNTRIES = ['DE', 'FR', 'US', 'JP', 'BR'];
/** Users that look like an application's: an id, a plan, a country, an e-mail address, a version. */
export function makeContexts() {
    return Array.from({ length: USERS }, (_, index) => ({
        targetingKey: flat(`user-${index * 7919}`),
        plan: index % 2 === 0 ? 'pro' : 'free',
        country: COUNTRIES[index % COUNTRIES.length] ?? 'DE',
        email: flat(`person${index}@${index % 8 === 0 ? 'example.org' : 'mail.example'}`),
        build: 1000 + (index % 500),
    }));
}
/** Makes V8 hold a string in one piece: joining it lazily would be paid for by whoever reads it first. */
function flat(text) {
    return Buffer.from(text).toString();
}
//# sourceMappingURL=contexts.js.map