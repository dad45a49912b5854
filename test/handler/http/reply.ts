/** A reply as tests read it, and what its bodies are made of. Their form is held by the OpenAPI document, not by these types. */
import type { IncomingHttpHeaders } from 'node:http';

export interface Amount {
  readonly currency: string;
  readonly value: number;
}

export interface Operation {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly amount: Amount;
  readonly createdAt: string;
}

export interface Payment {
  readonly id: string;
  readonly merchantId: string;
  readonly status: string;
  readonly version: number;
  readonly amount: Amount;
  readonly authorized: Amount;
  readonly captured: Amount;
  readonly refunded: Amount;
  readonly reference?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly description?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly expiresAt: string;
  readonly qr: { readonly payload: string; readonly url: string };
  readonly operations: readonly Operation[];
}

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly pointer?: string; readonly path?: string; readonly code?: string }[];
}

/** A reply; its body by the name of what the test expects it to be. */
export class Reply {
  constructor(
    readonly status: number,
    readonly headers: IncomingHttpHeaders,
    readonly bytes: Buffer,
  ) {}

  get text(): string {
    return this.bytes.toString('utf8');
  }
  get type(): string {
    return (this.headers['content-type'] ?? '').split(';')[0];
  }
  get replayed(): boolean {
    return this.headers['idempotent-replayed'] === 'true';
  }
  get json(): Record<string, unknown> {
    return JSON.parse(this.text);
  }
  get payment(): Payment {
    return JSON.parse(this.text);
  }
  get page(): { readonly data: readonly Payment[]; readonly cursor?: string } {
    return JSON.parse(this.text);
  }
  get problem(): Problem {
    return JSON.parse(this.text);
  }
}
