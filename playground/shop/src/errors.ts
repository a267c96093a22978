export type ShopErrorCode = 'invalid' | 'not-found' | 'out-of-stock' | 'empty-cart' | 'not-offered';

/** Something the customer asked for that cannot be done; the message is for them. */
export class ShopError extends Error {
  override readonly name = 'ShopError';
  readonly code: ShopErrorCode;
  constructor(code: ShopErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
