/** Chances between 0 and 1, and a delay for all. */
export interface NotificationFaultRates {
  readonly duplicate: number;
  readonly reorder: number;
  readonly lose: number;
  readonly delayMs: number;
}

export interface DrawnNotificationFaults {
  readonly duplicate: boolean;
  readonly reorder: boolean;
  readonly lose: boolean;
  readonly delayMs: number;
}

const none: NotificationFaultRates = { duplicate: 0, reorder: 0, lose: 0, delayMs: 0 };

/** What goes wrong between Midtrans and the merchant. */
export class NotificationFaults {
  private rates = none;

  constructor(private readonly random: () => number) {}

  current(): NotificationFaultRates {
    return this.rates;
  }

  set(rates: Partial<NotificationFaultRates>): void {
    this.rates = { ...none, ...rates };
  }

  clear(): void {
    this.rates = none;
  }

  draw(): DrawnNotificationFaults {
    const { duplicate, reorder, lose, delayMs } = this.rates;
    return { duplicate: this.strikes(duplicate), reorder: this.strikes(reorder), lose: this.strikes(lose), delayMs };
  }

  private strikes(probability: number): boolean {
    return probability > 0 && this.random() < probability;
  }
}
