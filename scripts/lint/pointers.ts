/**
 * Lint rule `ktop/pointers`: only src/ffi opens native code and handles pointers, so that a mistake that ends the
 * process with SIGSEGV is in that room.
 *
 * @module
 */

/** The room where pointers may exist, as a part of a path. */
const ALLOWED = "/src/ffi/";

/** Members of `Deno` that open native code or make, hold or follow pointers. */
const FORBIDDEN = /^(?:dlopen|Unsafe\w*|Pointer\w*|ForeignFunction|ForeignLibraryInterface|DynamicLibrary)$/;

/** The plugin: add its path to `lint.plugins` of deno.json. */
export default {
  name: "ktop",
  rules: {
    pointers: {
      create(context) {
        if (context.filename.includes(ALLOWED)) return {};
        const check = (node: Deno.lint.Node, member: string) => {
          if (!FORBIDDEN.test(member)) return;
          context.report({
            node,
            message: `Deno.${member} belongs to src/ffi`,
            hint:
              "Add a function to src/ffi that takes and returns plain values, and export it from src/ffi/mod.ts.",
          });
        };
        return {
          // Deno.dlopen, Deno["dlopen"], globalThis.Deno.dlopen
          MemberExpression(node) {
            const { object, property } = node;
            const deno = object.type === "Identifier"
              ? object.name
              : object.type === "MemberExpression" && object.property.type === "Identifier"
              ? object.property.name
              : "";
            if (deno !== "Deno") return;
            if (property.type === "Identifier") check(node, property.name);
            else if (property.type === "Literal") check(node, String(property.value));
          },
          // const { dlopen } = Deno
          VariableDeclarator(node) {
            if (node.init?.type !== "Identifier" || node.init.name !== "Deno") return;
            if (node.id.type !== "ObjectPattern") return;
            for (const property of node.id.properties) {
              if (property.type === "Property" && property.key.type === "Identifier") {
                check(property, property.key.name);
              }
            }
          },
          // Deno.PointerValue as a type
          TSQualifiedName(node) {
            if (node.left.type === "Identifier" && node.left.name === "Deno") check(node, node.right.name);
          },
        };
      },
    },
  },
} satisfies Deno.lint.Plugin;
