// Lists the request fields of one type of an SDK, one path a line: `node list_fields.mjs FILE TYPE`.
// list_all.sh runs it for every surface.
import ts from 'typescript';

const [file, name] = process.argv.slice(2);
const program = ts.createProgram([file], { strict: true, skipLibCheck: true });
const checker = program.getTypeChecker();
const paths = new Set();

function isScalar(type) {
  const { StringLike, NumberLike, BooleanLike, Null, Undefined, Unknown, Any } = ts.TypeFlags;
  return (type.flags & (StringLike | NumberLike | BooleanLike | Null | Undefined | Unknown | Any)) !== 0;
}

function walk(type, path, above) {
  if (type.isUnion()) return type.types.forEach((member) => walk(member, path, above));
  // `string & {}` is how the SDK writes an open set of strings; an index signature is free JSON.
  // Bytes are sent as base64.
  if (type.symbol?.name === 'Uint8Array') return;
  if (isScalar(type) || type.isIntersection() || type.getStringIndexType() || above.includes(type)) return;
  const inside = [...above, type];
  if (checker.isArrayType(type)) {
    paths.add(`${path}[]`);
    return walk(checker.getTypeArguments(type)[0], `${path}[]`, inside);
  }
  for (const property of checker.getPropertiesOfType(type)) {
    const member = path ? `${path}.${property.name}` : property.name;
    paths.add(member);
    walk(checker.getTypeOfSymbol(property), member, inside);
  }
}

ts.forEachChild(program.getSourceFile(file), (node) => {
  if (node.name?.text === name && (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))) {
    walk(checker.getTypeAtLocation(node), '', []);
  }
});
console.log([...paths].sort().join('\n'));
