import type { Journal } from '../ports/journal.js';
import { SealBroken, type KeyOwner, type PersonalData, type PersonalDataReader } from '../ports/personal-data.js';

/** Owners that were told of are remembered up to so many, so that one broken key is not an alarm with every request. */
const rememberedMax = 1_000;

/**
 * Personal data for those who can do without: what does not open is left out like what is erased, and a person is told whose key it
 * is, once per process. A payment whose customer's key is lost is still a payment.
 */
export class ReadablePersonalData implements PersonalDataReader {
  private readonly told = new Set<KeyOwner | null>();

  constructor(
    private readonly personalData: PersonalData,
    private readonly journal: Journal,
  ) {}

  async open(sealed: string, boundTo: string): Promise<Uint8Array | undefined> {
    try {
      return await this.personalData.open(sealed, boundTo);
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
      this.tell(error, boundTo);
      return undefined;
    }
  }

  private tell({ owner, message }: SealBroken, boundTo: string): void {
    if (this.told.has(owner)) return;
    if (this.told.size >= rememberedMax) this.told.clear();
    this.told.add(owner);
    this.journal.alarm('unreadable_personal_data', 'Sealed data does not open and is left out; its key may be lost', {
      key: owner,
      sealed_at: boundTo,
      error: message,
    });
  }
}
