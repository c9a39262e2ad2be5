import assert from "node:assert/strict";
import { parseDocker, parseOci, parseStorage } from "./container_state.ts";

const POD = { namespace: "prod", name: "api-7f9c", uid: "u-1" };

Deno.test("parseDocker() reads name and image, and the pod of cri-dockerd's labels", () => {
  const config = { Image: "nginx:1.29", Labels: { "maintainer": "x" } };
  assert.deepEqual(parseDocker(JSON.stringify({ Name: "/web-1", Config: config })), {
    name: "web-1",
    image: "nginx:1.29",
  });
  const labels = {
    "io.kubernetes.pod.namespace": "prod",
    "io.kubernetes.pod.name": "api-7f9c",
    "io.kubernetes.pod.uid": "u-1",
    "io.kubernetes.container.name": "server",
  };
  assert.deepEqual(parseDocker(JSON.stringify({ Name: "/k8s_server_api", Config: { Labels: labels } })), {
    name: "server",
    pod: POD,
  });
});

Deno.test("parseOci() reads the annotations of containerd, nerdctl and CRI-O", () => {
  const cri = {
    "io.kubernetes.cri.container-type": "container",
    "io.kubernetes.cri.container-name": "server",
    "io.kubernetes.cri.sandbox-name": "api-7f9c",
    "io.kubernetes.cri.sandbox-namespace": "prod",
    "io.kubernetes.cri.sandbox-uid": "u-1",
    "io.kubernetes.cri.image-name": "registry/api:7",
  };
  const read = (annotations: unknown) => parseOci(JSON.stringify({ annotations }));
  assert.deepEqual(read(cri), { name: "server", image: "registry/api:7", pod: POD });
  assert.deepEqual(read({ "nerdctl/name": "web" }), { name: "web" });
  const crio = {
    "io.kubernetes.container.name": "server",
    "io.kubernetes.pod.name": "api-7f9c",
    "io.kubernetes.pod.namespace": "prod",
    "io.kubernetes.pod.uid": "u-1",
    "io.kubernetes.cri-o.ImageName": "registry/api:7",
  };
  assert.deepEqual(read(crio), { name: "server", image: "registry/api:7", pod: POD });
  assert.deepEqual(read({ ...crio, "io.kubernetes.container.name": "POD" })?.name, undefined);
});

Deno.test("parseStorage() lists containers by id, with the image's name from the metadata", () => {
  const list = [
    {
      id: "a",
      names: ["db", "other"],
      image: "sha",
      metadata: '{"image-name":"docker.io/library/postgres:17"}',
    },
    { id: "b", names: ["plain"], metadata: "{" },
    { id: "c" },
    null,
    7,
  ];
  assert.deepEqual([...parseStorage(JSON.stringify(list))], [
    ["a", { name: "db", image: "docker.io/library/postgres:17" }],
    ["b", { name: "plain" }],
  ]);
});

Deno.test("State files are escaped and bounded, and nothing in them is an error", () => {
  const name = (value: unknown) => parseDocker(JSON.stringify({ Name: value }))?.name;
  assert.equal(name("/a\x1b]0;x\x07\u202e\n"), "a\\x1b]0;x\\a\\u202e\\n");
  assert.equal(name("/../../etc/shadow"), "../../etc/shadow");
  assert.equal(name(`/${"x".repeat(4096)}`), undefined);
  for (const value of [null, 1, {}, [], "", "/", true]) assert.equal(name(value), undefined);
  assert.equal(parseDocker(`{"Name":"/\\"[[","x":${"[]"},"y":"${"{".repeat(100)}"}`)?.name, '"[[');
  const deep = "[".repeat(500_000) + "]".repeat(500_000);
  for (
    const text of [
      "",
      "{",
      "null",
      "[]",
      "7",
      '"x"',
      '{"Config":null}',
      '{"annotations":[1]}',
      deep,
      `{"Name":${deep}}`,
      '{"__proto__":{"Name":"/x"}}',
      '{"Config":{"Labels":{"io.kubernetes.pod.name":{}}}}',
      "\0",
      "\ufeff{}",
    ]
  ) {
    assert.equal(parseDocker(text), null, text.slice(0, 40));
    assert.equal(parseOci(text), null, text.slice(0, 40));
    assert.equal(parseStorage(text).size, 0, text.slice(0, 40));
  }
});
