// Evaluates flags of a running server as an application would, and prints what OpenFeature got, as JSON.
// Environment: HALYARD_URL, HALYARD_SDK_KEY.
import { OpenFeature } from '@openfeature/server-sdk';
import { OFREPProvider } from '@openfeature/ofrep-provider';

const provider = new OFREPProvider({
  baseUrl: process.env.HALYARD_URL,
  headers: { Authorization: `Bearer ${process.env.HALYARD_SDK_KEY}` },
});
await OpenFeature.setProviderAndWait(provider);
const client = OpenFeature.getClient();

const german = { targetingKey: 'user-1', country: 'de' };
const french = { targetingKey: 'user-1', country: 'fr' };
const shown = ({ flagKey, value, variant, reason, errorCode }) => ({ flagKey, value, variant, reason, errorCode });

const answers = [
  await client.getBooleanDetails('static', false, german),
  await client.getBooleanDetails('disabled', true, german),
  await client.getBooleanDetails('needy', true, german),
  await client.getStringDetails('words', 'none', german),
  await client.getStringDetails('words', 'none', french),
  await client.getNumberDetails('whole', 0, german),
  await client.getNumberDetails('fraction', 0, german),
  await client.getObjectDetails('shape', {}, german),
  await client.getBooleanDetails('nobody', true, german),
  await client.getBooleanDetails('words', true, german),
];
console.log(JSON.stringify(answers.map(shown)));
await OpenFeature.close();
