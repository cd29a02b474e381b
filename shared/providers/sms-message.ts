/** A message as it is handed to a provider. */
export interface Message {
  to: string;
  templateId: string;
  params: Record<string, string>;
}

/** Sends one message, or refuses; what the provider said goes to the log, without the number. */
export type SendSms = (message: Message) => Promise<void>;
