import { hasHole } from './holes';
import { isRecord, type Value } from './intrinsic-call';

/** A parameter as the template declares it. */
type Declaration = Readonly<Record<string, Value>>;

/** What parameters are read against. */
export interface ParameterReading {
  readonly declared: Readonly<Record<string, Value>>;
  /** Given values; a parameter without one takes its default. */
  readonly given: Readonly<Record<string, string>>;
  /** The value of an SSM parameter, for parameters that are read from there. */
  readonly ssmParameter: (name: string) => string;
}

/** Decides the values of a template's parameters; throws for those that CloudFormation refuses. */
export function readParameters({ declared, given, ssmParameter }: ParameterReading): Map<string, Value> {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(declared, name));
  if (unknown.length > 0) {
    throw new Error(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  }
  return new Map(
    Object.entries(declared).map(([name, declaration]) => {
      if (!isRecord(declaration)) {
        throw new Error(`Template format error: ${name} is not an object`);
      }
      const text = given[name] ?? declaration.Default;
      if (typeof text !== 'string' && typeof text !== 'number' && typeof text !== 'boolean') {
        throw new Error(`Parameters: [${name}] must have values`);
      }
      requireAllowed(name, declaration, String(text));
      return [name, valueOf(String(declaration.Type), String(text), ssmParameter)];
    }),
  );
}

function requireAllowed(name: string, declaration: Declaration, text: string): void {
  if (hasHole(text)) {
    return;
  }
  const { Type, AllowedValues, AllowedPattern, MinLength, MaxLength, ConstraintDescription } = declaration;
  const refuse = (rule: string): never => {
    throw new Error(
      `Parameter '${name}' ${typeof ConstraintDescription === 'string' ? `failed to satisfy constraint: ${ConstraintDescription}` : rule}`,
    );
  };
  const values = String(Type) === 'CommaDelimitedList' ? items(text) : [text];
  if (Array.isArray(AllowedValues) && values.some((value) => !AllowedValues.map(String).includes(value))) {
    refuse('must be one of AllowedValues');
  }
  if (typeof AllowedPattern === 'string' && values.some((value) => !matches(AllowedPattern, value))) {
    refuse(`must match pattern ${AllowedPattern}`);
  }
  if (MinLength !== undefined && text.length < Number(MinLength)) {
    refuse(`must contain at least ${Number(MinLength)} characters`);
  }
  if (MaxLength !== undefined && text.length > Number(MaxLength)) {
    refuse(`must contain at most ${Number(MaxLength)} characters`);
  }
  if (Type === 'Number' && (text.trim() === '' || Number.isNaN(Number(text)))) {
    refuse('must be a number');
  }
}

/** The service's patterns are Java's; one that is no pattern here is not judged. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(text);
  } catch {
    return true;
  }
}

function valueOf(type: string, text: string, ssmParameter: (name: string) => string): Value {
  if (type.startsWith('AWS::SSM::Parameter::Value<')) {
    const value = hasHole(text) ? text : ssmParameter(text);
    return type.includes('List') ? items(value) : value;
  }
  return type === 'CommaDelimitedList' || type.startsWith('List<') ? items(text) : text;
}

function items(text: string): string[] {
  return text.split(',').map((item) => item.trim());
}
