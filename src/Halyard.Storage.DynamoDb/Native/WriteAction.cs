using Amazon.DynamoDBv2.Model;

namespace Halyard.Storage.DynamoDb.Native;

/// <summary>One action of a transaction.</summary>
internal abstract record WriteAction(Key Key)
{
    /// <summary>Creates or replaces an item.</summary>
    public sealed record Put(Item Item, Condition? Condition = null) : WriteAction(Item.Key);

    /// <summary>Removes an item, if it is there.</summary>
    public sealed record Delete(Key Key, Condition? Condition = null) : WriteAction(Key);

    /// <summary>Writes nothing: the condition must hold for all the others.</summary>
    public sealed record Check(Key Key, Condition Condition) : WriteAction(Key);

    public TransactWriteItem ToRequest(string table) =>
        this switch
        {
            Put put => new TransactWriteItem
            {
                Put = new Amazon.DynamoDBv2.Model.Put
                {
                    TableName = table,
                    Item = put.Item.Attributes,
                    ConditionExpression = put.Condition?.Expression,
                    ExpressionAttributeNames = put.Condition?.Names,
                    ExpressionAttributeValues = put.Condition?.Values,
                },
            },
            Delete delete => new TransactWriteItem
            {
                Delete = new Amazon.DynamoDBv2.Model.Delete
                {
                    TableName = table,
                    Key = Item.KeyOf(delete.Key),
                    ConditionExpression = delete.Condition?.Expression,
                    ExpressionAttributeNames = delete.Condition?.Names,
                    ExpressionAttributeValues = delete.Condition?.Values,
                },
            },
            Check check => new TransactWriteItem
            {
                ConditionCheck = new ConditionCheck
                {
                    TableName = table,
                    Key = Item.KeyOf(check.Key),
                    ConditionExpression = check.Condition.Expression,
                    ExpressionAttributeNames = check.Condition.Names,
                    ExpressionAttributeValues = check.Condition.Values,
                },
            },
            _ => throw new InvalidOperationException($"An action of an unknown kind: {this}."),
        };

    /// <summary>About how many bytes it sends.</summary>
    public long Size =>
        this is Put put
            ? put.Item.Attributes.Sum(attribute =>
                attribute.Key.Length + (attribute.Value.B?.Length ?? (attribute.Value.S?.Length * 3L) ?? 21L)
            )
            : Key.Partition.Length + Key.Sort.Length;
}
