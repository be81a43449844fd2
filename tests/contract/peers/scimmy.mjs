// scimmy-routers on express, with the smallest store that its documentation asks for.
import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const uniqueBy = { User: "userName", Group: "displayName" };

function handlers(name) {
  const store = new Map();
  const lacking = (id) => new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
  return {
    ingress: (resource, data) => {
      if (resource.id && !store.has(resource.id)) throw lacking(resource.id);
      const key = uniqueBy[name];
      for (const other of store.values()) {
        if (other.id !== resource.id && other[key].toLowerCase() === data[key].toLowerCase()) {
          throw new SCIMMY.Types.Error(409, "uniqueness", `${key} is taken`);
        }
      }
      const now = new Date();
      const id = resource.id ?? randomUUID();
      const created = store.get(id)?.meta.created ?? now;
      store.set(id, { ...data, id, meta: { created, lastModified: now } });
      return store.get(id);
    },
    egress: (resource) => {
      if (resource.id) {
        if (!store.has(resource.id)) throw lacking(resource.id);
        return store.get(resource.id);
      }
      const all = [...store.values()];
      return resource.filter ? resource.filter.match(all) : all;
    },
    degress: (resource) => {
      if (!store.delete(resource.id)) throw lacking(resource.id);
    },
  };
}

SCIMMY.Resources.declare(SCIMMY.Resources.User, handlers("User"));
SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
SCIMMY.Resources.declare(SCIMMY.Resources.Group, handlers("Group"));

const app = express();
app.use("/scim/v2", new SCIMMYRouters({
  type: "bearer",
  handler: (request) => {
    if (request.header("Authorization") !== "Bearer secret") throw new Error("no such token");
    return "";
  },
}));
const server = app.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ endpoint: `http://127.0.0.1:${server.address().port}/scim/v2` }));
});
