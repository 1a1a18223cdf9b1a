// The grammar of hpol. Every decision is made on one token, so the parser never looks
// far ahead, errors stand where they are, and time is linear (parse_test holds it so).
//
// Only the words of `Reserved` below can never be names; every other word of the
// language is soft: it may be used wherever a name is expected. Nothing depends on
// newlines. Meaning, and every rule that needs it, belongs to compiler/check.
//
// The lexer also knows common slips (`&&`, curly quotes, `/* */`): dsl/parse reports
// each with its remedy and goes on with what was meant.
grammar Hpol;

file: item* EOF;

item
  : header | importLine | levels | categories | reading | input | detector | classify | zone | target | sink | redaction | route
  | respond | schedule | limit | requirement | guarantee | test
  ;

header: POLICY qname (VERSION STRING)?;
importLine: IMPORT qname (LBRACE name (COMMA name)* RBRACE)?;
levels: LEVELS name (LESS name)*;
categories: CATEGORIES name (COMMA name)*;
reading: READ WITHOUT name (COMMA name)*;
limit: LIMIT amount PER name BY name (BEYOND THAT (DENY | ONLY name))?;
requirement: REQUIRE STRING condition (TRUSTING CALLER)?;
guarantee: GUARANTEE STRING (WHEN condition)? (NEVER | ALWAYS) condition;

// ---- blocks ----

input: INPUT LBRACE inputField* RBRACE;
inputField: name COLON type FROM name;
type: OPTIONAL? (SET OF)? baseType;
baseType: ENUM LBRACE name (COMMA name)* RBRACE | NAME;

detector: DETECTOR name (EXTENDS qname)? LBRACE detectorField* RBRACE;
detectorField
  : PATTERN pattern (COMMA pattern)*
  | WORDS (strings | FROM STRING) (IGNORING CASE)?
  | VALIDATE name
  | (NOT | NEEDS)? NEAR strings (WITHIN INTEGER CHARACTERS)?
  | FIRES AT name
  | SEVERITY name
  | SUGGESTS label
  | EXCEPT strings
  | MATCHES strings
  | REJECTS strings
  ;
pattern: RAW (BOUNDED | IGNORING CASE)*;

// A `when` without `raise to` is the condition of the `start at` before it.
classify: CLASSIFY LBRACE classifyEntry* RBRACE;
classifyEntry
  : START AT label OTHERWISE?
  | WHEN condition (TRUSTING CALLER)? (RAISE TO label)?
  ;

zone: ZONE name LBRACE zoneField* RBRACE;
zoneField: TRUSTED | UNTRUSTED | CLEARS label | HOSTS strings | TLS REQUIRED;

target: TARGET name IN name LBRACE targetField* RBRACE;
targetField
  : CLEARS label
  | MODELS strings
  | REGION name
  | PRICE amount PROMPT COMMA amount ANSWER PER MILLION TOKENS
  | CAPACITY INTEGER
  ;
amount: (INTEGER | DECIMAL) name;

sink: SINK name LBRACE sinkField* RBRACE;
sinkField: CLEARS label;

redaction: REDACTION name LBRACE redactionLine* RBRACE;
redactionLine
  : (MASK | REMOVE | PSEUDONYM | HASH | ENCRYPT | FPE | SHIFT | GENERALIZE) qname (COMMA qname)* (LEAVES label)?
  ;

route: ROUTE LBRACE routeRule* RBRACE;
routeRule: (WHEN condition (TRUSTING CALLER)? | OTHERWISE) action;
action: DENY STRING | SEND step (THEN step)*;
// The one name before `of` is `cheapest`; dsl/parse checks it.
step
  : (REDACTED BY name)? TO name (OF name (COMMA name)*)? ((WITHIN | OUTSIDE) name)? (UNTIL gauge (OR gauge)*)?
  ;
gauge: name op=(LESS | LESS_EQUAL | GREATER | GREATER_EQUAL) (INTEGER | DECIMAL) name?;

respond: RESPOND LBRACE respondRule* RBRACE;
respondRule: WHEN condition (MASK | (BLOCK | ALERT) STRING);

schedule: SCHEDULE name LBRACE scheduleField* RBRACE;
scheduleField: TIME ZONE STRING | ON name (TO name)? FROM clock TO clock;
clock: INTEGER COLON INTEGER;

test: TEST STRING LBRACE testClause* RBRACE;
testClause
  : GIVEN given (COMMA given)*
  | WITH state (COMMA state)*
  | EXPECT label (COMMA outcome)?
  ;
given: name value;
value: name (PLUS name)* | STRING | INTEGER | LBRACE (member (COMMA member)*)? RBRACE;
// `a down`, `load of a 0.95`, `budget 0.1`, `time "2026-03-02T10:00Z"`.
state: name (DOWN | (OF name)? (INTEGER | DECIMAL) | STRING);
outcome: DENIED STRING? | UNDECIDED | UNAVAILABLE | SENT TO name (REDACTED BY name)?;

// ---- parts ----

label: name (PLUS name)*;
strings: STRING (COMMA STRING)*;
qname: name (DOT name)*;

condition: conjunction (OR conjunction)*;
conjunction: negation (AND negation)*;
negation: NOT negation | comparison;
comparison: sum tail?;
tail
  : op=(EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL | EXCEEDS) sum
  | NOT? IN LBRACE member (COMMA member)* RBRACE
  | HAS member
  | IS (PRESENT | MISSING | TRUSTED | UNTRUSTED)
  | BY name // after the one name `redacted`; dsl/parse checks it
  ;
sum: term (PLUS term)*;
term: qname (LPAREN sum (COMMA sum)* RPAREN)? | STRING | INTEGER | LPAREN condition RPAREN;
member: qname | STRING | INTEGER;

name
  : NAME
  | POLICY | VERSION | IMPORT | LEVELS | CATEGORIES | INPUT | DETECTOR | CLASSIFY | ZONE | TARGET | SINK | REDACTION
  | ROUTE | RESPOND | READ | SCHEDULE | LIMIT | REQUIRE | GUARANTEE | TEST | WITHOUT | TRUSTING | CALLER | NEVER | ALWAYS
  | TIME | ON | BEYOND | THAT | ONLY | UNTIL | OUTSIDE
  | FROM | OPTIONAL | SET | OF | ENUM
  | PATTERN | WORDS | VALIDATE | NEEDS | NEAR | WITHIN | CHARACTERS | FIRES | SEVERITY | SUGGESTS | EXTENDS | EXCEPT | MATCHES | REJECTS | BOUNDED | IGNORING | CASE
  | START | AT | TO
  | TRUSTED | UNTRUSTED | CLEARS | HOSTS | TLS | REQUIRED
  | MODELS | REGION | PRICE | PROMPT | ANSWER | PER | TOKENS | CAPACITY
  | MASK | REMOVE | PSEUDONYM | HASH | ENCRYPT | FPE | SHIFT | GENERALIZE | LEAVES
  | BLOCK | ALERT | EXCEEDS
  | REDACTED | BY
  | GIVEN | WITH | DOWN | EXPECT | DENIED | UNDECIDED | UNAVAILABLE | SENT
  | PRESENT | MISSING
  ;

// ---- tokens ----

// Reserved
WHEN: 'when'; OTHERWISE: 'otherwise'; AND: 'and'; OR: 'or'; NOT: 'not'; IN: 'in'; IS: 'is'; HAS: 'has';
RAISE: 'raise'; DENY: 'deny'; SEND: 'send'; THEN: 'then';

// Soft
POLICY: 'policy'; VERSION: 'version'; IMPORT: 'import'; LEVELS: 'levels'; CATEGORIES: 'categories'; INPUT: 'input';
DETECTOR: 'detector'; CLASSIFY: 'classify'; ZONE: 'zone'; TARGET: 'target'; SINK: 'sink'; REDACTION: 'redaction';
ROUTE: 'route'; RESPOND: 'respond'; READ: 'read'; SCHEDULE: 'schedule'; LIMIT: 'limit'; REQUIRE: 'require'; GUARANTEE: 'guarantee'; TEST: 'test';
TRUSTING: 'trusting'; CALLER: 'caller'; NEVER: 'never'; ALWAYS: 'always';
TIME: 'time'; ON: 'on'; BEYOND: 'beyond'; THAT: 'that'; ONLY: 'only'; UNTIL: 'until'; OUTSIDE: 'outside';
WITHOUT: 'without'; FROM: 'from'; OPTIONAL: 'optional'; SET: 'set'; OF: 'of'; ENUM: 'enum';
PATTERN: 'pattern'; WORDS: 'words'; VALIDATE: 'validate'; EXCEPT: 'except'; MATCHES: 'matches'; REJECTS: 'rejects';
NEEDS: 'needs'; NEAR: 'near'; WITHIN: 'within'; CHARACTERS: 'characters'; FIRES: 'fires';
EXTENDS: 'extends'; SEVERITY: 'severity'; SUGGESTS: 'suggests';
BOUNDED: 'bounded'; IGNORING: 'ignoring'; CASE: 'case';
START: 'start'; AT: 'at'; TO: 'to';
TRUSTED: 'trusted'; UNTRUSTED: 'untrusted'; CLEARS: 'clears'; HOSTS: 'hosts'; TLS: 'tls'; REQUIRED: 'required';
MODELS: 'models'; REGION: 'region'; PRICE: 'price'; PROMPT: 'prompt'; ANSWER: 'answer'; PER: 'per'; TOKENS: 'tokens';
CAPACITY: 'capacity';
BLOCK: 'block'; ALERT: 'alert'; EXCEEDS: 'exceeds'; HASH: 'hash'; ENCRYPT: 'encrypt'; FPE: 'fpe'; SHIFT: 'shift'; GENERALIZE: 'generalize';
MASK: 'mask'; REMOVE: 'remove'; PSEUDONYM: 'pseudonym'; LEAVES: 'leaves'; REDACTED: 'redacted'; BY: 'by';
GIVEN: 'given'; WITH: 'with'; DOWN: 'down'; EXPECT: 'expect'; DENIED: 'denied'; UNDECIDED: 'undecided';
UNAVAILABLE: 'unavailable'; SENT: 'sent'; PRESENT: 'present'; MISSING: 'missing';

LBRACE: '{'; RBRACE: '}'; LPAREN: '('; RPAREN: ')'; COMMA: ','; COLON: ':'; DOT: '.'; PLUS: '+';
EQUAL: '=='; NOT_EQUAL: '!='; LESS: '<'; LESS_EQUAL: '<='; GREATER: '>'; GREATER_EQUAL: '>=';

MILLION: '1M';
INTEGER: [0-9] [0-9_]*;
DECIMAL: [0-9] [0-9_]* '.' [0-9]+;
NAME: [a-zA-Z_] [a-zA-Z_0-9]*;
STRING: '"' (~["\\\r\n] | '\\' ~[\r\n])* '"';
RAW: '`' ~[`\r\n]* '`';

COMMENT: '//' ~[\r\n]* -> skip;
SPACE: [ \t\r\n]+ -> skip;

// Slips. The character stream shows the first byte of a curly double quote as U+0011,
// of any other character beyond ASCII as U+001A, and every byte after it as U+001B.
STRING_OPEN: '"' (~["\\\r\n] | '\\' ~[\r\n])* '\\'?;
RAW_OPEN: '`' ~[`\r\n]*;
CURLY_STRING: Curly ~[\r\n\u0011]* Curly;
SINGLE_STRING: '\'' ~['\r\n]* '\'';
NUMBER_WORD: [0-9] [0-9_]* [a-zA-Z] [a-zA-Z0-9_]*;
BLOCK_COMMENT: '/*' .*? ('*/' | EOF);
OTHER_COMMENT: ('#' | '--') ~[\r\n]*;
WRONG_OPERATOR: '&&' | '&' | '||' | '|' | '!' | '=' | '=<' | '=>' | '<>' | '===' | '!==';
STRANGE: '\u001a' '\u001b'*;
STRANGE_ASCII: .;
fragment Curly: '\u0011' '\u001b' '\u001b';
