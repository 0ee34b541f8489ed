import { ApiError } from "./errors"
import type { Reply } from "./http"

type Fields = Record<string, unknown>

/** Reads a reply's fields by type; what is missing or of another type is an ApiError that names the field. */
export class Shape {
  private constructor(
    private readonly fields: Fields,
    private readonly requestId: string,
  ) {}

  static of(reply: Reply): Shape {
    return Shape.from(reply.body, reply.requestId, "The answer")
  }

  private static from(value: unknown, requestId: string, name: string): Shape {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(name, "an object", requestId)
    return new Shape(value as Fields, requestId)
  }

  boolean(name: string): boolean {
    const value = this.fields[name]
    if (typeof value !== "boolean") throw wrong(name, "true or false", this.requestId)
    return value
  }

  string(name: string): string {
    const value = this.fields[name]
    if (typeof value !== "string") throw wrong(name, "a text", this.requestId)
    return value
  }

  stringOrNull(name: string): string | null {
    return this.fields[name] === null ? null : this.string(name)
  }

  list<T>(name: string, read: (entry: Shape) => T): T[] {
    const value = this.fields[name]
    if (!Array.isArray(value)) throw wrong(name, "a list", this.requestId)
    return value.map((entry) => read(Shape.from(entry, this.requestId, name)))
  }
}

function wrong(name: string, expected: string, requestId: string): ApiError {
  return new ApiError("shape", `The API's answer is not as expected: ${name} should be ${expected}.`, requestId)
}
