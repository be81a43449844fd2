// Better Auth with its SCIM plugin, all in memory: the awkward one, that pages nothing.
import { createServer } from "node:http";
import { scim } from "@better-auth/scim";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { admin } from "better-auth/plugins";

const tables = { user: [], session: [], account: [], verification: [], scimProvider: [] };
const server = createServer((request, response) => handle(request, response));
let handle = (_, response) => response.writeHead(503).end();

server.listen(0, "127.0.0.1", async () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const auth = betterAuth({
    baseURL: origin,
    secret: "only for tests on this machine, nothing is kept",
    database: memoryAdapter(tables),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: { database: { defaultFindManyLimit: 10000 } },
    plugins: [admin(), scim()],
  });
  const { headers } = await auth.api.signUpEmail({
    body: { email: "admin@example.com", password: "only-for-tests", name: "Admin" },
    returnHeaders: true,
  });
  const cookie = headers.getSetCookie().map((each) => each.split(";")[0]).join("; ");
  const { scimToken } = await auth.api.generateSCIMToken({
    body: { providerId: "contract" },
    headers: new Headers({ cookie }),
  });
  handle = toNodeHandler(auth);
  console.log(JSON.stringify({ endpoint: `${origin}/api/auth/scim/v2`, token: scimToken }));
});
