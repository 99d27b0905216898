export default () => globalThis.testMongo.stop();
